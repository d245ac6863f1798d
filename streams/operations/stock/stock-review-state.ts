/** What the weekly look at one SKU found, kept with its ledger. */
export type StockReview = {
  /** Whose clock tells when the next look is due. */
  source: string;
  due: number;
  /** When it was looked at last; 0 before the first time. */
  at: number;
  onHand: number;
  /** Units sold a day in the four weeks before, in hundredths; null when it was too early to say. */
  soldPerDayHundredths: number | null;
  /** They overlap: a unit may be all three. */
  excess: number;
  aged: number;
  expiring: number;
  /** The first date among the lots at risk; 0 when there are none. */
  firstExpiresAt: number;
};
