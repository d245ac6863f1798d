/** The connector catalog: add a folder, list it here. */
import type { Connector } from './connector.ts';
import { shopify } from './shopify/index.ts';

const connectors = new Map<string, Connector>([shopify].map((connector) => [connector.name, connector]));

export const connectorNames = [...connectors.keys()];
export const findConnector = (name: string): Connector | undefined => connectors.get(name);
