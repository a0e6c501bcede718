import type { LeisureKind } from '../city-files.ts'

/** Angle in turns from east, radius as a fraction of the city's. Chinese names are for the map in Chinese. */
export type Spot = { readonly name: string; readonly zh: string; readonly turn: number; readonly out: number }

export const neighbourhoods: readonly Spot[] = [
  { name: 'Binnenstad', zh: '内城', turn: 0.24, out: 0.06 },
  { name: 'Grachtengordel', zh: '运河带', turn: 0.53, out: 0.23 },
  { name: 'Noorderkwartier', zh: '北区', turn: 0.27, out: 0.5 },
  { name: 'Molenwijk', zh: '风车区', turn: 0.56, out: 0.62 },
  { name: 'Universiteitswijk', zh: '大学区', turn: 0.37, out: 0.68 },
  { name: 'Stationsbuurt', zh: '车站区', turn: 0.72, out: 0.4 },
  { name: 'Zuiderpolder', zh: '南圩区', turn: 0.73, out: 0.64 },
  { name: 'Overvliet', zh: '河东区', turn: 0.01, out: 0.68 },
  { name: 'Havenkwartier', zh: '港口区', turn: 0.94, out: 0.82 },
  { name: 'Duinrand', zh: '沙丘区', turn: 0.45, out: 0.72 },
  { name: 'Tuindorp Oost', zh: '东花园区', turn: 0.12, out: 0.56 },
  { name: 'Rietland', zh: '芦苇区', turn: 0.64, out: 0.78 },
  { name: 'Lage Weide', zh: '低草区', turn: 0.165, out: 0.76 },
]

export type Landmark = Spot & { readonly kind: LeisureKind; readonly weight: number; readonly capacity: number }

/** What draws people; `capacity` is the number of bikes that may wait there, 0 where none should. */
export const landmarks: readonly Landmark[] = [
  {
    name: 'Station Waterstad Centraal',
    zh: '水城中央车站',
    kind: 'station',
    turn: 0.73,
    out: 0.45,
    weight: 140,
    capacity: 70,
  },
  { name: 'Station Overvliet', zh: '河东车站', kind: 'station', turn: 0.9, out: 0.62, weight: 40, capacity: 26 },
  { name: 'Markt', zh: '集市广场', kind: 'market', turn: 0, out: 0.02, weight: 90, capacity: 40 },
  { name: 'Stadhuis', zh: '市政厅', kind: 'townhall', turn: 0.15, out: 0.05, weight: 20, capacity: 18 },
  { name: 'Museum De Sluis', zh: '水闸博物馆', kind: 'museum', turn: 0.29, out: 0.19, weight: 45, capacity: 24 },
  { name: 'Scheepvaartmuseum', zh: '航运博物馆', kind: 'museum', turn: 0.99, out: 0.2, weight: 30, capacity: 20 },
  { name: 'Centrale Bibliotheek', zh: '中央图书馆', kind: 'library', turn: 0.6, out: 0.11, weight: 40, capacity: 24 },
  { name: 'Schouwburg', zh: '剧院', kind: 'theatre', turn: 0.87, out: 0.12, weight: 35, capacity: 20 },
  { name: 'Winkelcentrum De Kade', zh: '码头购物中心', kind: 'shops', turn: 0.06, out: 0.21, weight: 70, capacity: 36 },
  { name: 'Noordermarkt', zh: '北市场', kind: 'market', turn: 0.27, out: 0.46, weight: 40, capacity: 24 },
  { name: 'Winkelhof Zuid', zh: '南购物中心', kind: 'shops', turn: 0.74, out: 0.62, weight: 45, capacity: 26 },
  {
    name: 'Winkelplein Molenwijk',
    zh: '风车区购物广场',
    kind: 'shops',
    turn: 0.565,
    out: 0.58,
    weight: 35,
    capacity: 20,
  },
  { name: 'Overvlietplein', zh: '河东广场', kind: 'shops', turn: 0.02, out: 0.62, weight: 40, capacity: 24 },
  {
    name: 'Universiteit Waterstad',
    zh: '水城大学',
    kind: 'university',
    turn: 0.35,
    out: 0.76,
    weight: 90,
    capacity: 48,
  },
  { name: 'Hogeschool De Brug', zh: '桥学院', kind: 'university', turn: 0.67, out: 0.5, weight: 50, capacity: 30 },
  { name: 'Vlietziekenhuis', zh: '河畔医院', kind: 'hospital', turn: 0.1, out: 0.72, weight: 40, capacity: 24 },
  { name: 'Stadion Rietland', zh: '芦苇体育场', kind: 'stadium', turn: 0.645, out: 0.72, weight: 25, capacity: 30 },
  { name: 'Jachthaven', zh: '游艇港', kind: 'marina', turn: 0.965, out: 0.36, weight: 20, capacity: 16 },
  { name: 'Bedrijvenpark Zuid', zh: '南商务园', kind: 'shops', turn: 0.735, out: 0.8, weight: 20, capacity: 28 },
  { name: 'Havenkwartier', zh: '港口区', kind: 'shops', turn: 0.96, out: 0.82, weight: 20, capacity: 28 },
]

/** Parks that get a hotspot, with the bikes that may wait at the gate. */
export const parkCapacity: Readonly<Record<string, number>> = {
  Stadspark: 26,
  Wilhelminatuin: 18,
  Oosterpark: 20,
  Zuiderpark: 18,
  Westerplas: 20,
  'Lage Bos': 16,
}

export const parkNamesZh: Readonly<Record<string, string>> = {
  Stadspark: '城市公园',
  Wilhelminatuin: '威廉明娜花园',
  Vlietpark: '河畔公园',
  Oosterpark: '东公园',
  Zuiderpark: '南公园',
  Westerplas: '西湖公园',
  'Lage Bos': '低林',
  Begijnhof: '贝居安庭院',
  Molenpark: '风车公园',
}
