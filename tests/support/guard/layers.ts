/**
 * What each layer alone let through when it was measured: of attacks.ts, and of the attacks of a corpus that is not part of
 * the project. docs/sql.md tells it, and a test measures the first again.
 */
export const layers = {
  attacks: 311,
  corpus: 122,
  rows: [
    {
      alone: '`readonly = 1`',
      through: 144,
      ofCorpus: 53,
      examples:
        "`SELECT * FROM raw.secrets`, `SELECT * FROM (SELECT * FROM file('/etc/passwd') SETTINGS readonly = 0)`",
    },
    {
      alone: 'rights on the views only, with `readonly = 1`',
      through: 124,
      ofCorpus: 47,
      examples:
        "`SELECT file('/etc/passwd')`, `SELECT 1 INTO OUTFILE '…'`, `SELECT arrayMap(file, ['/etc/passwd'])`, `SELECT 1; SELECT 2`",
    },
    { alone: 'the guard', through: 0, ofCorpus: 0, examples: '' },
  ],
};
