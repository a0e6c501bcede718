/** The one form of a log-in name: people type capitals and blanks around it. */
export const foldedLogInName = (typed: string): string => typed.normalize('NFKC').trim().toLowerCase()

/** A short name or an e-mail address: what a person can say over the telephone. */
const shape = /^[a-z0-9](?:[a-z0-9._+@-]{0,98}[a-z0-9])$/

export const isLogInName = (folded: string): boolean => shape.test(folded)
