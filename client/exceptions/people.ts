/** `AN` for Ana Novak and for ana.novak@example.com. */
export function initialsOf(name: string): string {
  return (name.split('@')[0] ?? '')
    .split(/[\s.]+/)
    .map((word) => word.charAt(0))
    .slice(0, 2)
    .join('')
    .toUpperCase();
}
