/** Below this the motor could brown out the chip in the middle of its travel. */
export const minMotorPercent = 5
/** A wheel that turns faster would break the bolt, or throw whoever rides it. */
export const maxStandingMps = 1
