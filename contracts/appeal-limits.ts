/** What a rider is promised about an appeal. Times are city time. No schema library here: browsers load this. */
export const answerAppealsWithinMs = 48 * 3_600_000
/** How long after a ride its price can be appealed. */
export const appealWindowMs = 14 * 86_400_000
export const longestAppealText = 1_000
export const longestAppealAnswer = 500
