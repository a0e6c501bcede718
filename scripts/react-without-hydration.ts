/**
 * react-dom without its way to take over a page that a server drew: ours are drawn in the browser only, and that half
 * is 1.4 kB (packed) of the rider's first load. `isHydrating` is never true without hydrateRoot(); said out loud, the
 * minifier drops what hangs on it.
 * @throws when react-dom is written otherwise than here expected: look at it anew with each new version
 */
export const reactWithoutHydration = {
  name: 'react-without-hydration',
  transform(code: string, id: string): string | undefined {
    if (!/react-dom-client\.production\.js$/.test(id)) return
    return dropHydration(code)
  },
}

export function dropHydration(code: string): string {
  const steps: readonly (readonly [pattern: RegExp, by: string | ((found: string) => string)])[] = [
    [/\nexports\.hydrateRoot = [\s\S]*?\n};/, ''],
    // a parameter of the same name
    [/\nfunction initInput\([\s\S]*?\n}/, (found) => found.replace(/\bisHydrating\b/g, 'keepsValue')],
    [/\n {2}isHydrating = !1,(?=\n)/, ''],
    [/\bisHydrating = !([01])\b/g, '!$1'],
    [/\bisHydrating\b(?!\$)/g, '!1'],
  ]
  return steps.reduce((text, [pattern, by]) => {
    if (text.search(pattern) < 0) throw new Error(`react-dom has no ${pattern}: is it a new version?`)
    return typeof by === 'string' ? text.replace(pattern, by) : text.replace(pattern, by)
  }, code)
}
