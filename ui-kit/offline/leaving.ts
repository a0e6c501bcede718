/** What a page tells its worker when it is about to be left or loaded again. */
export const leaving = 'leaving'
