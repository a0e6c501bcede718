/** About a centimetre: what the database keeps and the export gives back, digit by digit. */
export const stepsPerDegree = 1e7
export const onGrid = (degrees: number): number => Math.round(degrees * stepsPerDegree) / stepsPerDegree
