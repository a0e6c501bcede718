import type { ZoneFeature, ZoneKind } from '../../contracts/http/zones.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { zoneKinds } from './zone-kinds.ts'
import { zoneLooks } from './zone-looks.ts'

/** The kinds with how each is drawn and how many there are: a legend that filters map and table. */
export function KindFilter({
  zones,
  kind,
  onKind,
}: {
  readonly zones: readonly ZoneFeature[]
  readonly kind: ZoneKind | null
  readonly onKind: (kind: ZoneKind | null) => void
}) {
  const { t } = useText()
  return (
    <fieldset className="kinds">
      <legend className="visually-hidden">{t('places.kind')}</legend>
      {zoneKinds.map((one) => (
        <button
          key={one}
          type="button"
          className="button"
          aria-pressed={kind === one}
          onClick={() => onKind(kind === one ? null : one)}
        >
          <KindSwatch kind={one} />
          {t(`places.kind.${one}`)}{' '}
          <span className="number soft">{zones.filter(({ properties }) => properties.kind === one).length}</span>
        </button>
      ))}
    </fieldset>
  )
}

const sidePx = 22

/** Colour, dashes and hatching of a kind, as on the map. */
export function KindSwatch({ kind }: { readonly kind: ZoneKind }) {
  const { light, dark, dash, hatch } = zoneLooks[kind]
  const colour = `light-dark(${light}, ${dark})`
  return (
    <svg
      className="swatch"
      width={sidePx}
      height={sidePx}
      viewBox="0 0 22 22"
      aria-hidden="true"
      style={{ color: colour }}
    >
      <rect
        x="2"
        y="2"
        width="18"
        height="18"
        rx="3"
        fill="currentColor"
        fillOpacity={kind === 'service_area' ? 0 : 0.16}
        stroke="currentColor"
        strokeWidth="2"
        strokeDasharray={dash.map((px) => px / 2).join(' ')}
      />
      {(hatch === 'slanted' || hatch === 'crossed') && (
        <path d="M3 12 12 3M3 19 19 3M10 19l9-9" stroke="currentColor" strokeWidth="1.4" fill="none" />
      )}
      {hatch === 'crossed' && (
        <path d="M3 10l9 9M3 3l16 16M10 3l9 9" stroke="currentColor" strokeWidth="1.4" fill="none" />
      )}
      {hatch === 'dotted' && (
        <g fill="currentColor">
          <circle cx="7" cy="7" r="1.6" />
          <circle cx="15" cy="7" r="1.6" />
          <circle cx="11" cy="11" r="1.6" />
          <circle cx="7" cy="15" r="1.6" />
          <circle cx="15" cy="15" r="1.6" />
        </g>
      )}
      {kind === 'hotspot' && <circle cx="11" cy="11" r="3.5" fill="currentColor" />}
    </svg>
  )
}
