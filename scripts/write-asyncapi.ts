/** Writes docs/asyncapi.json from the schemas:  node --import tsx scripts/write-asyncapi.ts */
import { writeFileSync } from 'node:fs'
import { asyncApiDocument } from '../contracts/mqtt/asyncapi.ts'

writeFileSync(new URL('../docs/asyncapi.json', import.meta.url), `${JSON.stringify(asyncApiDocument(), null, 2)}\n`)
