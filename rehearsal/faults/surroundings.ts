import type { Fault } from './fault';

export const SURROUNDING_FAULTS: readonly Fault[] = [
  {
    name: 'good',
    sentence: 'nothing is wrong',
    expected: { outcome: 'promoted', because: /./ },
  },
  {
    name: 'blip',
    sentence: 'for two minutes everything that goes to and from the database is held back, for both arms',
    expected: { outcome: 'promoted', because: /./ },
    environment: (environment) => {
      environment.at(8, () => environment.slowDatabase(350));
      environment.at(10, () => environment.slowDatabase(0));
    },
  },
  {
    name: 'slow-database',
    sentence: 'the database is slow for five minutes, for both arms',
    expected: { outcome: 'promoted', because: /./ },
    environment: (environment) => {
      // Slow for every probe, and still not so slow that requests pile up faster than they are answered.
      environment.at(6, () => environment.slowDatabase(60));
      environment.at(11, () => environment.slowDatabase(0));
    },
  },
  {
    name: 'database-away',
    sentence: 'the database cuts every connection and refuses new ones for a minute',
    expected: { outcome: 'promoted', because: /./ },
    environment: (environment) => {
      environment.at(9, () => environment.cutDatabase(true));
      environment.at(10, () => environment.cutDatabase(false));
    },
  },
  {
    name: 'slow-users',
    sentence: 'users send and read slowly, as from a bad line',
    expected: { outcome: 'promoted', because: /./ },
    environment: (environment) => environment.at(1, () => environment.slowUsers()),
  },
  {
    name: 'gate-killed',
    sentence: 'the gate is killed in the middle of a good release, three times',
    expected: { outcome: 'promoted', because: /./ },
    environment: (environment) => {
      for (const minute of [5, 14, 25]) environment.at(minute, () => environment.killGate());
    },
  },
];
