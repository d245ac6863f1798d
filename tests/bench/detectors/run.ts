/** `npm run measure-detectors [-- shop|nab]`: what the detectors find, beside published figures and plain methods. */
import { measureNab } from './nab.ts';
import { measureShop } from './shop.ts';

const parts: Record<string, () => void> = { shop: measureShop, nab: measureNab };
const asked = process.argv.slice(2);
for (const name of asked.length > 0 ? asked : Object.keys(parts)) {
  const measure = parts[name];
  if (measure === undefined) throw new Error(`There is ${Object.keys(parts).join(' and ')}, and no ${name}.`);
  measure();
}
