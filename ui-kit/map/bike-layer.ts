import { bikeStates } from '../../contracts/live/bike-states.ts'
import { aimBuffers, type BikeBuffers, type BikeMarks, makeBuffers, nearestRow, orderRows } from './bike-buffers.ts'
import { colourTable, outlineOf } from './bike-looks.ts'
import { bikeFragmentShader, bikeVertexShader } from './bike-shaders.ts'
import type { MapEngine, Theme } from './map-engine.ts'

export const bikeLayerId = 'zwerm-bikes'

/** Frames are a second apart: a bike slides that long to its next place. */
const slideMs = 1_000
/** Enough for a dot that moves a few pixels a second; full frame rate would keep a phone warm for nothing. */
const betweenFramesMs = 50
const spareRows = 64

export interface BikeLayer {
  /** For the engine's `addLayer`. The same object may be added again after a change of style. */
  readonly layer: object
  readonly setMarks: (marks: BikeMarks) => void
  readonly setShown: (shown: readonly boolean[]) => void
  readonly setSelected: (row: number | null) => void
  readonly setMovement: (on: boolean) => void
  readonly setTheme: (theme: Theme) => void
  /** Row of the drawn bike nearest to a point in Mercator × 2³², within `reach` of the same unit. */
  readonly pick: (point: { readonly x: number; readonly y: number }, reach: number) => number | null
}

interface Drawing {
  readonly gl: WebGL2RenderingContext
  readonly program: WebGLProgram
  readonly array: WebGLVertexArrayObject
  readonly attributes: ReadonlyArray<readonly [keyof BikeBuffers, WebGLBuffer, number, number]>
  readonly order: WebGLBuffer
  readonly uniform: (name: string) => WebGLUniformLocation | null
  uploaded: number
}

/** A custom layer of both engines that draws every bike as one point and slides it between two live frames. */
export function makeBikeLayer(engine: MapEngine, theme: Theme): BikeLayer {
  let marks: BikeMarks | null = null
  let buffers: BikeBuffers | null = null
  let drawing: Drawing | null = null
  let shown: readonly boolean[] = bikeStates.map(() => true)
  let selected = -1
  let moving = true
  let colours = colourTable(theme)
  let outline = outlineOf(theme)
  let aimedAtMs = 0
  let dirty = false
  let timer: ReturnType<typeof setTimeout> | null = null

  const progress = () => (moving ? Math.min(1, (performance.now() - aimedAtMs) / slideMs) : 1)
  const paint = () => {
    dirty = true
    engine.triggerRepaint()
  }

  const layer = {
    id: bikeLayerId,
    type: 'custom',
    renderingMode: '2d',
    onAdd: (_map: unknown, gl: WebGL2RenderingContext) => {
      drawing = startDrawing(gl)
      dirty = true
    },
    onRemove: () => {
      drawing = null
    },
    render: (gl: WebGL2RenderingContext, argument: unknown) => {
      if (drawing === null || buffers === null || buffers.drawn === 0) return
      if (dirty) upload(drawing, buffers)
      dirty = false
      const t = progress()
      // biome-ignore lint/correctness/useHookAtTopLevel: WebGL's useProgram is no hook
      gl.useProgram(drawing.program)
      gl.uniformMatrix4fv(drawing.uniform('u_matrix'), false, matrixFrom(argument, buffers.origin))
      gl.uniform1f(drawing.uniform('u_progress'), t)
      gl.uniform1f(drawing.uniform('u_ratio'), window.devicePixelRatio)
      gl.uniform1f(drawing.uniform('u_zoom'), engine.getZoom())
      gl.uniform1i(drawing.uniform('u_selected'), selected)
      gl.uniform3fv(drawing.uniform('u_colours'), colours)
      gl.uniform3fv(drawing.uniform('u_outline'), outline)
      gl.uniform3fv(drawing.uniform('u_halo'), colours.subarray(12, 15))
      gl.bindVertexArray(drawing.array)
      gl.enable(gl.BLEND)
      gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
      gl.disable(gl.DEPTH_TEST)
      gl.drawElements(gl.POINTS, buffers.drawn, gl.UNSIGNED_INT, 0)
      gl.bindVertexArray(null)
      if (t < 1 && timer === null) {
        timer = setTimeout(() => {
          timer = null
          engine.triggerRepaint()
        }, betweenFramesMs)
      }
    },
  }

  return {
    layer,
    setMarks: (next) => {
      const fresh = buffers === null || buffers.capacity < next.count || marks === null || marks.x !== next.x
      if (buffers === null || buffers.capacity < next.count)
        buffers = makeBuffers(next.count + spareRows, originOf(next))
      aimBuffers(buffers, next, progress(), fresh || !moving)
      orderRows(buffers, next, shown)
      marks = next
      aimedAtMs = performance.now()
      paint()
    },
    setShown: (next) => {
      shown = next
      if (buffers !== null && marks !== null) orderRows(buffers, marks, shown)
      paint()
    },
    setSelected: (row) => {
      selected = row ?? -1
      paint()
    },
    setMovement: (on) => {
      moving = on
      paint()
    },
    setTheme: (next) => {
      colours = colourTable(next)
      outline = outlineOf(next)
      paint()
    },
    pick: (point, reach) => (buffers === null || marks === null ? null : nearestRow(buffers, marks, point, reach)),
  }
}

/** The middle of the first placed bike: offsets from there keep centimetres in 32-bit floats. */
function originOf(marks: BikeMarks): { readonly x: number; readonly y: number } {
  const row = Math.max(0, marks.placed.indexOf(1))
  return { x: marks.x[row] ?? 0, y: marks.y[row] ?? 0 }
}

function startDrawing(gl: WebGL2RenderingContext): Drawing {
  const program = gl.createProgram()
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, bikeVertexShader],
    [gl.FRAGMENT_SHADER, bikeFragmentShader],
  ] as const) {
    const shader = gl.createShader(kind)
    if (shader === null) throw new Error('the graphics context is lost')
    gl.shaderSource(shader, source)
    gl.compileShader(shader)
    gl.attachShader(program, shader)
  }
  gl.linkProgram(program)
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`the bike layer did not link: ${gl.getProgramInfoLog(program)}`)
  }
  const array = gl.createVertexArray()
  gl.bindVertexArray(array)
  const columns = [
    ['from', 'a_from', 2],
    ['to', 'a_to', 2],
    ['turns', 'a_turn', 2],
    ['states', 'a_state', 1],
  ] as const
  const attributes = columns.map(([column, name, width]) => {
    const buffer = gl.createBuffer()
    const place = gl.getAttribLocation(program, name)
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer)
    gl.enableVertexAttribArray(place)
    gl.vertexAttribPointer(place, width, gl.FLOAT, false, 0, 0)
    return [column, buffer, width, place] as const
  })
  const order = gl.createBuffer()
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, order)
  gl.bindVertexArray(null)
  const places = new Map<string, WebGLUniformLocation | null>()
  const uniform = (name: string) => {
    if (!places.has(name)) places.set(name, gl.getUniformLocation(program, name))
    return places.get(name) ?? null
  }
  return { gl, program, array, attributes, order, uniform, uploaded: 0 }
}

function upload(drawing: Drawing, buffers: BikeBuffers): void {
  const { gl } = drawing
  const grown = drawing.uploaded !== buffers.capacity
  gl.bindVertexArray(drawing.array)
  for (const [column, buffer, width] of drawing.attributes) {
    const data = buffers[column] as Float32Array
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer)
    if (grown) gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW)
    else gl.bufferSubData(gl.ARRAY_BUFFER, 0, data, 0, buffers.count * width)
  }
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, drawing.order)
  if (grown) gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, buffers.order, gl.DYNAMIC_DRAW)
  else gl.bufferSubData(gl.ELEMENT_ARRAY_BUFFER, 0, buffers.order, 0, buffers.drawn)
  gl.bindVertexArray(null)
  drawing.uploaded = buffers.capacity
}

/** Mapbox hands its matrix over, MapLibre an object around it; then translate to the origin and scale, in float64. */
function matrixFrom(argument: unknown, origin: { readonly x: number; readonly y: number }): Float32Array {
  const m = isMatrix(argument)
    ? argument
    : (argument as { defaultProjectionData: { mainMatrix: ArrayLike<number> } }).defaultProjectionData.mainMatrix
  const at = (index: number) => m[index] as number
  const scale = 2 ** -20
  const x = origin.x / 2 ** 32
  const y = origin.y / 2 ** 32
  const out = new Float32Array(16)
  for (let row = 0; row < 4; row++) {
    out[row] = at(row) * scale
    out[4 + row] = at(4 + row) * scale
    out[8 + row] = at(8 + row)
    out[12 + row] = at(row) * x + at(4 + row) * y + at(12 + row)
  }
  return out
}

const isMatrix = (value: unknown): value is ArrayLike<number> => (value as { length?: unknown }).length === 16
