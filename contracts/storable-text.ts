/** PostgreSQL keeps neither NUL nor half of a surrogate pair in a text. */
export const isStorable = (text: string): boolean => !text.includes('\0') && !/\p{Surrogate}/u.test(text)

/** The same text without NUL, and with U+FFFD in the place of half a character. */
export const storable = (text: string): string => text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\ufffd')
