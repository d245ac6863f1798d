/** How tall rows are, in px. A telephone has one height of its own. */
export const densities = [
  { name: 'compact', words: 'Compact', rowPx: 28 },
  { name: 'default', words: 'Normal', rowPx: 32 },
  { name: 'comfortable', words: 'Comfortable', rowPx: 40 },
] as const;
export type Density = (typeof densities)[number]['name'];
export const NARROW_ROW_PX = 88;

const KEPT_AS = 'tideline.density';

/** The address says it for a link, the browser remembers it for its person. */
export function densityOf(asked: string): Density {
  const name = asked || localStorage.getItem(KEPT_AS);
  return densities.find((one) => one.name === name)?.name ?? 'default';
}

export function keepDensity(density: Density): void {
  localStorage.setItem(KEPT_AS, density);
}

export const rowPxOf = (density: Density): number => densities.find((one) => one.name === density)!.rowPx;

export function nextDensity(density: Density): Density {
  const place = densities.findIndex((one) => one.name === density);
  return densities[(place + 1) % densities.length]!.name;
}
