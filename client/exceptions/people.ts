/** `AN` for Ana Novak. */
export function initialsOf(name: string): string {
  return name
    .split(/[\s@.]+/)
    .map((word) => word.charAt(0))
    .slice(0, 2)
    .join('')
    .toUpperCase();
}
