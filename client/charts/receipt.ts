/** `PO-7` for `PO-7/1`: receipts are kept by line, people speak of the order. */
export const withoutLine = (ref: string): string => ref.replace(/\/[^/]*$/, '');
