/** The stream of events. */
export const EVENTS_PATH = '/-/api/events';

/** The description of the API. */
export const OPENAPI_PATH = '/-/api/openapi.json';
