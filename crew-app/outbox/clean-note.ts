const isHalf = (sign: string) => /^[\uD800-\uDFFF]$/.test(sign)

/** A note without what no database keeps: zero characters, and halves of signs that were cut at the field's end. */
export const cleanNote = (note: string): string => [...note].filter((sign) => sign !== '\0' && !isHalf(sign)).join('')
