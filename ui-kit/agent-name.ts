const browsers = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|CriOS|HeadlessChrome)\//],
  ['Safari', /\bSafari\//],
] as const
const machines = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMacintosh\b/],
  ['Linux', /\bLinux\b/],
] as const

/** "Firefox · Windows" of what a browser says of itself; null when it says nothing that is known. Order matters. */
export function agentName(agent: string | null): string | null {
  if (agent === null) return null
  const of = (kinds: ReadonlyArray<readonly [string, RegExp]>) => kinds.find(([, sign]) => sign.test(agent))?.[0]
  const parts = [of(browsers), of(machines)].filter((part) => part !== undefined)
  return parts.length === 0 ? null : parts.join(' · ')
}
