import type { Random } from '../../contracts/random.ts'
import { shuffled } from './draw.ts'

export type NameSource = (form: NameForm) => string
export type NameForm = 'street' | 'lane'

const suffixes: Readonly<Record<NameForm, readonly string[]>> = {
  street: ['straat', 'straat', 'laan', 'hof', 'plantsoen'],
  lane: ['straat', 'steeg', 'straat'],
}

const stems = (
  'Linden Beuken Iepen Wilgen Populieren Kastanje Esdoorn Elzen Berken Meidoorn Vlier Hazelaar Tulpen Rozen Dahlia ' +
  'Narcis Lelie Klaproos Korenbloem Zonnebloem Lavendel Anjer Reiger Zwaluw Merel Lijster Kievit Grutto Ooievaar ' +
  'Nachtegaal Koekoek Leeuwerik Wulp Kokmeeuw Fuut Aalscholver Molen Sluis Brug Haven Veer Dijk Duin Heide Veen Polder ' +
  'Akker Weide Zand Klei Turf Riet Bies Schelp Koraal Anker Roer Zeil Mast Kompas Touwslagers Kuipers Wevers Bakkers ' +
  'Brouwers Smeden Zilversmids Boekbinders Drukkers Lakenkopers Vissers Schippers Loodsen Turfdragers Glasblazers ' +
  'Pottenbakkers Kaarsenmakers Saturnus Jupiter Orion Poolster Maan Zonne Regenboog Lente Zomer Herfst Winter Dageraad ' +
  'Avond Morgen Eendracht Vrede Vrijheid Welvaart Hoop Geluk Goud Zilver Koper IJzer Barnsteen Saffier Robijn Parel ' +
  'Kristal Viool Cello Orgel Fluit Harp Trompet Beiaard Klokken Toren Kerk Klooster Poort Bastion Wal Schans Burcht'
).split(' ')

/** How often the list is gone through with other endings before names get longer. */
const plainRounds = 5
/** Main roads, eastward first and then counter-clockwise. */
export const mainRoadNames = [
  'Oosterweg',
  'Overvlietse Weg',
  'Noorderweg',
  'Universiteitslaan',
  'Westerweg',
  'Molenweg',
  'Zuiderweg',
  'Havenweg',
] as const

const prefixes = ['', '', '', 'Oude ', 'Nieuwe ', 'Korte ', 'Lange ', 'Kleine ', 'Grote ', 'Hoge ', 'Lage ']

/** Gives every street another invented name, Dutch in form; the same stream gives the same names. */
export function nameStreets(random: Random): NameSource {
  const taken = new Set<string>()
  const deck = shuffled(random, stems)
  let drawn = 0
  return (form) => {
    for (;;) {
      const stem = deck[drawn % deck.length] ?? 'Dorps'
      const prefix = drawn < deck.length * plainRounds ? '' : random.pick(prefixes)
      const round = Math.floor(drawn / (deck.length * 4))
      drawn++
      const name = `${prefix}${stem}${random.pick(suffixes[form])}${round > 3 ? ` ${round - 2}` : ''}`
      if (taken.has(name)) continue
      taken.add(name)
      return name
    }
  }
}
