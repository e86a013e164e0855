import type { GatePorts } from '../../lambda/gate/ports';
import type { Places } from '../places';
import { deploymentsOverHttp } from './deployments-over-http';
import { ledgerFolder } from './ledger-folder';
import { type MinuteLength, metricsFile } from './metrics-file';
import { noticesFile } from './notices-file';
import { pointerFile } from './pointer-file';
import { smokeOverHttp } from './smoke-over-http';

/** The gate's ports on this machine. */
export function gatePorts(places: Places, minute: MinuteLength): GatePorts {
  return {
    ledger: ledgerFolder(places.ledger),
    metrics: metricsFile(places.metrics, minute, Date.now),
    pointer: pointerFile(places.pointer),
    deployments: deploymentsOverHttp(places.controllerUrl),
    notices: noticesFile(places.notices, Date.now),
    smoke: smokeOverHttp(places.testUrls),
    now: Date.now,
  };
}
