import appeals from '../zh/appeals.json'
import before from '../zh/before.json'
import frame from '../zh/frame.json'
import mine from '../zh/mine.json'
import noCoverage from '../zh/no-coverage.json'
import parking from '../zh/parking.json'
import refused from '../zh/refused.json'
import riding from '../zh/riding.json'
import taking from '../zh/taking.json'
import telling from '../zh/telling.json'
import virtual from '../zh/virtual.json'

/** The Chinese words of every screen behind the first page. */
export const words = {
  ...refused,
  ...taking,
  ...riding,
  ...mine,
  ...virtual,
  ...before,
  ...parking,
  ...telling,
  ...appeals,
  ...frame,
  ...noCoverage,
}
