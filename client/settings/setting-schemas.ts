/** What each setting is defined by. These are the schemas the server checks with, so the form cannot say anything else. */
import { z } from 'zod';
import { type SettingsPart, settingsDocument, settingsParts } from '../../server/http/contract/settings.ts';
import { type PolicyKind, policyKinds, policySchemas } from '../../streams/events/policies.ts';

// zod would compile its checks with `new Function`, which the content security policy forbids.
z.config({ jitless: true });

export { type PolicyKind, policyKinds, type SettingsPart };
export const settingsPartNames = Object.keys(settingsParts) as SettingsPart[];
export const keyOfPart = (part: SettingsPart): string => settingsParts[part].key;
export const schemaOfPart = (part: SettingsPart): z.ZodObject => settingsParts[part].schema;
export const schemaOfPolicy = (policy: PolicyKind): z.ZodObject => policySchemas[policy];
export const workspaceSchema: z.ZodObject = settingsDocument.shape.workspace.unwrap();
export const isPolicyKind = (name: string): name is PolicyKind => (policyKinds as string[]).includes(name);
