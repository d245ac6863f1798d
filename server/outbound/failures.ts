/** Words for what goes wrong on the way, made from codes: messages of libraries may quote what was sent. */

const words: Record<string, string> = {
  ECONNREFUSED: 'takes no connections',
  ECONNRESET: 'broke the connection off',
  EPIPE: 'broke the connection off',
  ETIMEDOUT: 'does not answer',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  CERT_HAS_EXPIRED: 'shows a certificate that has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'shows a certificate of another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'shows a certificate that nobody vouches for',
  SELF_SIGNED_CERT_IN_CHAIN: 'shows a certificate that nobody vouches for',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'shows a certificate that nobody vouches for',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'shows a certificate that nobody vouches for',
  EPROTO: 'does not speak TLS there',
  ERR_SSL_WRONG_VERSION_NUMBER: 'does not speak TLS there',
  HPE_HEADER_OVERFLOW: 'answers with headers that are too large',
};

export function wordsOfFailure(host: string, error: unknown): string {
  const code = codeOf(error);
  if (code.startsWith('HPE_')) return `${host} ${words[code] ?? 'does not answer in HTTP'} (${code}).`;
  return `${host} ${words[code] ?? 'could not be reached'}${code === '' ? '' : ` (${code})`}.`;
}

/** Of several addresses that were tried, what the last one said. */
function codeOf(error: unknown): string {
  const { code, errors } = error as { code?: unknown; errors?: unknown[] };
  if (typeof code === 'string') return code;
  return Array.isArray(errors) && errors.length > 0 ? codeOf(errors.at(-1)) : '';
}
