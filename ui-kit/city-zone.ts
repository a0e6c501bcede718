/** The city's own time zone: all its times are shown in it, wherever the reader sits. Undefined until it is known. */
let zone: string | undefined

export const cityZone = (): string | undefined => zone
export function setCityZone(timeZone: string): void {
  zone = timeZone
}
