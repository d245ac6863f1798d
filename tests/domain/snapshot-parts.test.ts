import { expect, test } from 'vitest';
import { uncovered } from '../../analytics/analyst-sql/lab/link-snapshot.ts';

test('a snapshot points to the parts that hold everything, and to none that another one covers', () => {
  const merged = ['202611_1_9_2', '202611_10_10_0'];
  const old = ['202611_1_4_1', '202611_5_9_1', '202611_2_2_0'];
  expect(uncovered([...old, ...merged]).sort()).toEqual([...merged].sort());
  // Of the same blocks the higher level holds, and of the same level the newest mutation.
  expect(uncovered(['all_1_3_1', 'all_1_3_2', 'all_1_3_2_7'])).toEqual(['all_1_3_2_7']);
  // Partitions are apart, whatever their blocks.
  expect(uncovered(['202610_1_5_1', '202611_2_3_0'])).toHaveLength(2);
});
