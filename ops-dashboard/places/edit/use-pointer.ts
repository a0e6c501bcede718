import { type RefObject, useEffect, useRef } from 'react'
import type { ScreenPoint } from '../../../ui-kit/map/painted-overlay.ts'
import type { LonLat, VertexAt } from './drawing.ts'
import type { EditAct } from './edit-state.ts'
import type { Hit } from './on-screen.ts'

interface Ports {
  readonly hitAt: (at: ScreenPoint) => Hit | null
  readonly lonLatOf: (at: ScreenPoint) => LonLat | null
  readonly act: (act: EditAct) => void
}

/** What the map would do itself with a press that is the drawing's. */
const mapEvents = ['mousedown', 'touchstart', 'click', 'dblclick'] as const

/**
 * A corner follows the pointer that took hold of it; the middle of a side becomes a corner first. Heard before the map
 * hears of it, which then stays where it is. @returns the ref of the element around the map
 */
export function usePointer(ports: Ports): RefObject<HTMLElement | null> {
  const surface = useRef<HTMLElement>(null)
  const latest = useRef(ports)
  latest.current = ports
  useEffect(() => {
    const element = surface.current
    return element === null ? undefined : listen(element, latest)
  }, [])
  return surface
}

function listen(element: HTMLElement, latest: { readonly current: Ports }): () => void {
  let held: VertexAt | null = null
  /** Until the next press: the click that ends this one is the drawing's too. */
  let isOurs = false
  const at = (event: PointerEvent): ScreenPoint => {
    const { left, top } = element.getBoundingClientRect()
    return { x: event.clientX - left, y: event.clientY - top }
  }
  const onDown = (event: PointerEvent) => {
    isOurs = false
    if (event.button !== 0 || !(event.target instanceof HTMLCanvasElement)) return
    const { hitAt, act } = latest.current
    const hit = hitAt(at(event))
    if (hit === null) return
    isOurs = true
    if (hit.kind === 'middle') act({ act: 'split', after: hit.after })
    held = hit.kind === 'vertex' ? hit.vertex : { ring: hit.after.ring, vertex: hit.after.vertex + 1 }
    act({ act: 'select', vertex: held })
    element.setPointerCapture(event.pointerId)
    event.stopPropagation()
  }
  const onMove = (event: PointerEvent) => {
    const { lonLatOf, act } = latest.current
    const to = held === null ? null : lonLatOf(at(event))
    if (held !== null && to !== null) act({ act: 'drag', vertex: held, at: to })
  }
  const onUp = () => {
    if (held === null) return
    held = null
    latest.current.act({ act: 'drop' })
  }
  const keepFromMap = (event: Event) => {
    if (isOurs) event.stopPropagation()
  }
  element.addEventListener('pointerdown', onDown, true)
  element.addEventListener('pointermove', onMove)
  element.addEventListener('pointerup', onUp)
  element.addEventListener('pointercancel', onUp)
  for (const name of mapEvents) element.addEventListener(name, keepFromMap, true)
  return () => {
    element.removeEventListener('pointerdown', onDown, true)
    element.removeEventListener('pointermove', onMove)
    element.removeEventListener('pointerup', onUp)
    element.removeEventListener('pointercancel', onUp)
    for (const name of mapEvents) element.removeEventListener(name, keepFromMap, true)
  }
}
