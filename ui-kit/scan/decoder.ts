import type { DecodeAnswer, DecodeRequest } from './decode-worker.ts'

export interface Decoder {
  /** Text of a QR code in the middle of the picture now, or null. */
  readonly read: (video: HTMLVideoElement) => Promise<string | null>
  readonly stop: () => void
}

interface NativeDetector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>
}
interface NativeDetectorClass {
  new (options: { formats: readonly string[] }): NativeDetector
  getSupportedFormats(): Promise<readonly string[]>
}

/** Largest side of what is decoded: enough for a code a tenth of the picture wide. */
const cropPx = 720

/** The phone's own detector where it reads QR codes, else zxing in a worker of its own, loaded on first use. */
export function startDecoder(): Decoder {
  let stopped = false
  let ready: Promise<Decoder> | null = null
  const choose = async () => (await nativeDecoder()) ?? zxingDecoder()
  return {
    read: async (video) => {
      ready ??= choose()
      const decoder = await ready
      return stopped ? null : decoder.read(video)
    },
    stop: () => {
      stopped = true
      void ready?.then((decoder) => decoder.stop())
    },
  }
}

async function nativeDecoder(): Promise<Decoder | null> {
  const native = (globalThis as { BarcodeDetector?: NativeDetectorClass }).BarcodeDetector
  if (native === undefined || !(await native.getSupportedFormats()).includes('qr_code')) return null
  const detector = new native({ formats: ['qr_code'] })
  return {
    read: async (video) => (await detector.detect(video))[0]?.rawValue ?? null,
    stop: () => undefined,
  }
}

function zxingDecoder(): Decoder {
  const worker = new Worker(new URL('./decode-worker.ts', import.meta.url), { type: 'module' })
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d', { willReadFrequently: true })
  return {
    read: (video) =>
      new Promise((resolve) => {
        const side = Math.min(video.videoWidth, video.videoHeight)
        if (context === null || side === 0) return resolve(null)
        const size = Math.min(cropPx, side)
        canvas.width = size
        canvas.height = size
        const left = (video.videoWidth - side) / 2
        const top = (video.videoHeight - side) / 2
        context.drawImage(video, left, top, side, side, 0, 0, size, size)
        const request: DecodeRequest = context.getImageData(0, 0, size, size)
        worker.onmessage = ({ data }: MessageEvent<DecodeAnswer>) => resolve(data.text)
        worker.onerror = () => resolve(null)
        worker.postMessage(request, [request.data.buffer])
      }),
    stop: () => worker.terminate(),
  }
}
