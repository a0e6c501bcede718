import { type BikeBuffers, bytesPerRow, rowsPerBlock } from './bike-buffers.ts'
import { bikeFragmentShader, bikeVertexShader } from './bike-shaders.ts'

/** The bikes' program and columns in one graphics context. */
export interface BikeDrawing {
  readonly gl: WebGL2RenderingContext
  readonly program: WebGLProgram
  readonly array: WebGLVertexArrayObject
  readonly rows: WebGLBuffer
  readonly order: WebGLBuffer
  readonly uniform: (name: string) => WebGLUniformLocation | null
  /** Rows that there is room for on the card; 0: all has to be sent. */
  uploaded: number
  isOrderOld: boolean
}

export interface DrawnNow {
  /** What the engine hands to a custom layer: mapbox-gl its matrix, maplibre-gl an object around it. */
  readonly argument: unknown
  readonly colours: Float32Array
  readonly outline: Float32Array
  readonly isDense: boolean
  readonly selectedOnly: boolean
  readonly selected: number
  readonly zoom: number
  readonly nowS: number
  /** 0: everything is where it will be. */
  readonly slideS: number
}

const bytesPerPlace = 4
const smallestIdlePx = 5
const largestIdlePx = 12
/** So few idle bikes do not bury the city's streets; ten times as many would. */
const fewBikes = 300

/** Edge of an idle bike's mark from afar, CSS pixels: seen well among few, a dot among thousands. */
export const idleSize = (drawn: number): number => {
  const share = Math.min(1, Math.max(0, 1 - Math.log10(Math.max(1, drawn) / fewBikes)))
  return smallestIdlePx + (largestIdlePx - smallestIdlePx) * share
}

export function startDrawing(gl: WebGL2RenderingContext): BikeDrawing {
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
  const rows = gl.createBuffer()
  gl.bindBuffer(gl.ARRAY_BUFFER, rows)
  for (const [name, width, offset] of [
    ['a_from', 2, 0],
    ['a_to', 2, 8],
    ['a_start', 1, 16],
  ] as const) {
    const place = gl.getAttribLocation(program, name)
    gl.enableVertexAttribArray(place)
    gl.vertexAttribPointer(place, width, gl.FLOAT, false, bytesPerRow, offset)
  }
  const heading = gl.getAttribLocation(program, 'a_heading')
  gl.enableVertexAttribArray(heading)
  gl.vertexAttribPointer(heading, 2, gl.UNSIGNED_BYTE, true, bytesPerRow, 20)
  const mark = gl.getAttribLocation(program, 'a_mark')
  gl.enableVertexAttribArray(mark)
  gl.vertexAttribIPointer(mark, 2, gl.UNSIGNED_BYTE, bytesPerRow, 22)
  const order = gl.createBuffer()
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, order)
  gl.bindVertexArray(null)
  const places = new Map<string, WebGLUniformLocation | null>()
  const uniform = (name: string) => {
    if (!places.has(name)) places.set(name, gl.getUniformLocation(program, name))
    return places.get(name) ?? null
  }
  return { gl, program, array, rows, order, uniform, uploaded: 0, isOrderOld: true }
}

export function drawBikes(drawing: BikeDrawing, buffers: BikeBuffers, now: DrawnNow): void {
  const { gl, uniform } = drawing
  upload(drawing, buffers)
  // biome-ignore lint/correctness/useHookAtTopLevel: WebGL's useProgram is no hook
  gl.useProgram(drawing.program)
  gl.uniformMatrix4fv(uniform('u_matrix'), false, matrixFrom(now.argument, buffers.origin))
  gl.uniform1f(uniform('u_now'), now.nowS)
  gl.uniform1f(uniform('u_slide'), now.slideS)
  gl.uniform1f(uniform('u_ratio'), window.devicePixelRatio)
  gl.uniform1f(uniform('u_zoom'), now.zoom)
  gl.uniform1f(uniform('u_dense'), now.isDense ? 1 : 0)
  gl.uniform1f(uniform('u_idle'), idleSize(buffers.drawn))
  gl.uniform1i(uniform('u_selected'), now.selected)
  gl.uniform3fv(uniform('u_colours'), now.colours)
  gl.uniform3fv(uniform('u_outline'), now.outline)
  gl.uniform3fv(uniform('u_halo'), now.colours.subarray(12, 15))
  gl.bindVertexArray(drawing.array)
  gl.enable(gl.BLEND)
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
  gl.disable(gl.DEPTH_TEST)
  const first = now.selectedOnly ? buffers.drawn - 1 : 0
  if (!now.selectedOnly || buffers.order[first] === now.selected) {
    gl.drawElements(gl.POINTS, buffers.drawn - first, gl.UNSIGNED_INT, first * bytesPerPlace)
  }
  gl.bindVertexArray(null)
}

/** Sends only what changed: runs of blocks with a changed row, and the order when it is another one. */
function upload(drawing: BikeDrawing, buffers: BikeBuffers): void {
  const { gl } = drawing
  const hasGrown = drawing.uploaded !== buffers.capacity
  gl.bindVertexArray(drawing.array)
  gl.bindBuffer(gl.ARRAY_BUFFER, drawing.rows)
  if (hasGrown) gl.bufferData(gl.ARRAY_BUFFER, buffers.bytes, gl.DYNAMIC_DRAW)
  else sendBlocks(gl, buffers)
  buffers.dirty.fill(0)
  if (hasGrown || drawing.isOrderOld) {
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, drawing.order)
    if (hasGrown) gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, buffers.order, gl.DYNAMIC_DRAW)
    else gl.bufferSubData(gl.ELEMENT_ARRAY_BUFFER, 0, buffers.order, 0, buffers.drawn)
  }
  gl.bindVertexArray(null)
  drawing.uploaded = buffers.capacity
  drawing.isOrderOld = false
}

function sendBlocks(gl: WebGL2RenderingContext, { dirty, bytes }: BikeBuffers): void {
  const blockBytes = rowsPerBlock * bytesPerRow
  for (let block = 0; block < dirty.length; block++) {
    if (dirty[block] === 0) continue
    const first = block
    while (dirty[block + 1] === 1) block += 1
    const start = first * blockBytes
    const end = Math.min(bytes.length, (block + 1) * blockBytes)
    gl.bufferSubData(gl.ARRAY_BUFFER, start, bytes, start, end - start)
  }
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
