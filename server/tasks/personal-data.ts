import { changed, inPages, type PersonalData } from '../platform/personal-data.ts'

/** What a rider reported of bikes. The fault stays known until it is mended; who said it does not. */
export const personalDataOfReports: PersonalData = {
  export: async (db, riderId) => ({
    reports: await inPages(async (offset, limit) => {
      const { rows } = await db.query(
        `SELECT r.report_id AS "reportId", b.number AS "bikeNumber", r.trip_id AS "tripId", r.kind, r.text, r.state,
                to_char(r.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at
           FROM rider_report r JOIN bike b USING (bike_id) WHERE r.rider_id = $1
          ORDER BY r.at DESC, r.report_id LIMIT $2 OFFSET $3`,
        [riderId, limit, offset],
      )
      return rows
    }),
  }),
  // Own words may tell who wrote them: they go with the name once nobody needs them for a repair.
  forget: (tx, riderId, most) =>
    changed(
      tx,
      `UPDATE rider_report SET rider_id = NULL, text = CASE WHEN state = 'closed' THEN NULL ELSE text END
        WHERE report_id IN (SELECT report_id FROM rider_report WHERE rider_id = $1 LIMIT $2)`,
      [riderId, most],
    ),
}
