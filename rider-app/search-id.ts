/** For counting how many people find no bike here: of this page load only, and nobody's name. */
export const searchId = [...crypto.getRandomValues(new Uint8Array(12))]
  .map((byte) => byte.toString(16).padStart(2, '0'))
  .join('')
