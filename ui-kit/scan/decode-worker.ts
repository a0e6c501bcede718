import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url'

export type DecodeRequest = ImageData
export interface DecodeAnswer {
  readonly text: string | null
}

// the default would fetch the program from somebody else's server
prepareZXingModule({ overrides: { locateFile: () => wasmUrl } })

addEventListener('message', ({ data }: MessageEvent<DecodeRequest>) => {
  void readBarcodes(data, { formats: ['QRCode'], tryHarder: false, maxNumberOfSymbols: 1 })
    .then((found) => found[0]?.text ?? null)
    .catch(() => null)
    .then((text) => postMessage({ text } satisfies DecodeAnswer))
})
