/** Lines of a stream of bytes as they come: all whole lines of a chunk at once, so that nothing waits for more. */
import { StringDecoder } from 'node:string_decoder';

/** What stands in for a line that is longer than any point can be; it is not JSON. */
const TOO_LONG = 'a line that is too long';
export const LINE_CHARACTERS_MAX = 1_000_000;

export async function* linesOf(input: AsyncIterable<Buffer | string>): AsyncGenerator<string[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let isTooLong = false;
  for await (const chunk of input) {
    const lines = (rest + (typeof chunk === 'string' ? chunk : decoder.write(chunk))).split('\n');
    rest = lines.pop()!;
    if (lines.length > 0 && isTooLong) {
      lines[0] = TOO_LONG;
      isTooLong = false;
    }
    if (rest.length > LINE_CHARACTERS_MAX || isTooLong) {
      isTooLong = true;
      rest = '';
    }
    if (lines.length > 0) yield lines.map(withoutReturn);
  }
  rest += decoder.end();
  if (isTooLong) yield [TOO_LONG];
  else if (rest !== '') yield [withoutReturn(rest)];
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
