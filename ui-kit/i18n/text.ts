import { useSyncExternalStore } from 'react'
import type { crewTexts } from './crew-texts.ts'
import type { opsTexts } from './ops-texts.ts'
import type { riderTexts } from './rider-texts.ts'

/**
 * Texts by key, in three languages, each in its own lazily loaded file. Same file format as i18next (`{{name}}`,
 * `key_one` / `key_other`); its 15 kB gzip would be a fifth of the rider's first load, and this is all we use of it.
 */
type Shared = typeof import('./en/shared.json')
type Rider = typeof import('./en/rider.json')
type Ops = typeof import('./en/ops.json')
type Crew = typeof import('./en/crew.json')
type Night = typeof import('./en/night.json')
type Desk = typeof import('./en/desk.json')
type Alarms = typeof import('./en/alarms.json')
type Bikes = typeof import('./en/bikes.json')
type Trips = typeof import('./en/trips.json')
type Zones = typeof import('./en/zones.json')
type Numbers = typeof import('./en/numbers.json')
type Staff = typeof import('./en/staff.json')
type Demo = typeof import('./en/demo.json')
type Work = typeof import('./en/work.json')
type Taking = typeof import('./en/taking.json')
type Riding = typeof import('./en/riding.json')
type Mine = typeof import('./en/mine.json')
type Virtual = typeof import('./en/virtual.json')
type Before = typeof import('./en/before.json')
type Parking = typeof import('./en/parking.json')
type NoCoverage = typeof import('./en/no-coverage.json')
type Telling = typeof import('./en/telling.json')
type Frame = typeof import('./en/frame.json')
type Locks = typeof import('./en/locks.json')
type Appeals = typeof import('./en/appeals.json')
type Refused = typeof import('./en/refused.json')
type RefusedStaff = typeof import('./en/refused-staff.json')
type DeskPages =
  | keyof Alarms
  | keyof Bikes
  | keyof Trips
  | keyof Zones
  | keyof Numbers
  | keyof Staff
  | keyof Demo
  | keyof Work
  | keyof Appeals
  | keyof Locks
type RiderScreens =
  | keyof Taking
  | keyof Riding
  | keyof Mine
  | keyof Virtual
  | keyof Before
  | keyof Parking
  | keyof Frame
  | keyof Telling
  | keyof NoCoverage
type Keys = Exclude<
  | keyof Shared
  | keyof Refused
  | keyof RefusedStaff
  | keyof Rider
  | keyof Ops
  | keyof Crew
  | keyof Night
  | keyof Desk
  | DeskPages
  | RiderScreens,
  'default'
>
type PluralKey<K> = K extends `${infer Stem}_one` ? Stem : never
export type TextKey = Exclude<Keys, `${string}_one` | `${string}_other`> | PluralKey<Keys>
export type Variables = Readonly<Record<string, string | number>>
export type Translate = (key: TextKey, variables?: Variables) => string

export const languages = ['en', 'nl', 'zh'] as const
export type LanguageCode = (typeof languages)[number]
export const languageNames: Readonly<Record<LanguageCode, string>> = { en: 'English', nl: 'Nederlands', zh: '中文' }
/** BCP 47 tags for Intl and the `lang` attribute. */
const languageTags: Readonly<Record<LanguageCode, string>> = { en: 'en-GB', nl: 'nl-NL', zh: 'zh-Hans-CN' }

type Texts = Readonly<Record<string, string>>
interface Spoken {
  readonly language: LanguageCode
  readonly tag: string
  readonly t: Translate
  /** For keys that come over the wire: the text of `key`, else of `otherwise`. */
  readonly ofCode: (key: string, otherwise: TextKey, variables?: Variables) => string
  /** Whether the text is loaded. */
  readonly has: (key: string) => boolean
}

type InEachLanguage = Readonly<Record<LanguageCode, () => Promise<{ readonly default: Texts }>>>
/** Which text files an app has: `first` before it draws anything, `late` with the pages that most never open. */
export interface AppTexts {
  readonly first: readonly InEachLanguage[]
  readonly late: Readonly<Record<string, InEachLanguage>>
}
export type LatePart = keyof typeof riderTexts.late | keyof typeof opsTexts.late | keyof typeof crewTexts.late

const lateParts = new Set<LatePart>()
const storageKey = 'zwerm-language'
let files: AppTexts = { first: [], late: {} }
let spoken: Spoken = speak('en', {})
const listeners = new Set<() => void>()

/** Loads the texts of the person's language before the first screen is drawn. */
export function startTexts(ofApp: AppTexts): Promise<void> {
  files = ofApp
  return setLanguage(preferredLanguage(localStorage.getItem(storageKey), navigator.languages))
}

/** One load after the other: one that began earlier must not come later and bring fewer texts. */
let loading: Promise<void> = Promise.resolve()

export const setLanguage = (language: LanguageCode): Promise<void> => afterOthers(() => loadTexts(language))

function afterOthers(load: () => Promise<void>): Promise<void> {
  const loaded = loading.then(load)
  loading = loaded.catch(() => undefined)
  return loaded
}

async function loadTexts(language: LanguageCode): Promise<void> {
  const late = [...lateParts].flatMap((part) => files.late[part] ?? [])
  const parts = await Promise.all([...files.first, ...late].map((part) => part[language]()))
  spoken = speak(language, Object.assign({}, ...parts.map((part) => part.default)))
  localStorage.setItem(storageKey, language)
  document.documentElement.lang = spoken.tag
  for (const listener of listeners) listener()
}

/** Loads the texts of a page before it is drawn, and from then on with every change of language. */
export async function addTexts(part: LatePart): Promise<void> {
  // Asked for already: it may still be on its way.
  if (lateParts.has(part)) return loading
  lateParts.add(part)
  try {
    await afterOthers(() => loadTexts(spoken.language))
  } catch (fault) {
    // whoever asks again must not get a page without its words
    lateParts.delete(part)
    throw fault
  }
}

/** The translator of the chosen language; draws again when that changes. */
export function useText(): Spoken {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => spoken,
  )
}

export function preferredLanguage(chosen: string | null, wanted: readonly string[]): LanguageCode {
  const candidates = [...(chosen === null ? [] : [chosen]), ...wanted.map((tag) => tag.slice(0, 2).toLowerCase())]
  return candidates.find((tag): tag is LanguageCode => (languages as readonly string[]).includes(tag)) ?? 'en'
}

/** A translator over one set of texts. A missing key shows itself. */
export function speak(language: LanguageCode, texts: Texts): Spoken {
  const plural = new Intl.PluralRules(languageTags[language])
  const find = (key: string, variables: Variables): string | undefined => {
    const count = variables.count
    const template =
      (typeof count === 'number' ? (texts[`${key}_${plural.select(count)}`] ?? texts[`${key}_other`]) : undefined) ??
      texts[key]
    return template?.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => String(variables[name] ?? whole))
  }
  const t: Translate = (key, variables = {}) => find(key, variables) ?? key
  return {
    language,
    tag: languageTags[language],
    t,
    ofCode: (key, otherwise, variables = {}) => find(key, variables) ?? t(otherwise, variables),
    has: (key) => key in texts,
  }
}
