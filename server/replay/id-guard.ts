/** Catches ids that the mapping makes twice: the second event would be taken for a redelivery and silently lost. */
export const RECENT_IDS_MAX = 500_000;

export function createIdGuard() {
  const lineOfId = new Map<string, number>();
  return {
    /** @param lines lines in the file that made the event */
    problemWith(id: string, lines: readonly number[]): string | null {
      const before = lineOfId.get(id);
      if (before !== undefined) {
        const where = before === 0 ? 'by the preamble' : `from line ${before}`;
        return `id was already made ${where}; rows of one group further apart than gapRows, or an id that lacks {row}?`;
      }
      lineOfId.set(id, lines[0] ?? 0);
      if (lineOfId.size > RECENT_IDS_MAX) lineOfId.delete(lineOfId.keys().next().value!);
      return null;
    },
  };
}
