/** `GeolocationPositionError.PERMISSION_DENIED`, which some browsers do not define by name. */
const permissionDenied = 1

/** The person, or their browser for them, does not tell where they are. */
export const isPlaceRefused = ({ code }: Pick<GeolocationPositionError, 'code'>): boolean => code === permissionDenied
