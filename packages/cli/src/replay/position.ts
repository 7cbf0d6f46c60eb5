import { InvalidArgumentError } from "commander";

const degrees = /^[+-]?\d+(\.\d+)?$/;

/** Latitude and longitude in degrees, as in `30.27,120.15`. */
export function readPosition(text: string): readonly [latitude: number, longitude: number] {
  const parts = text.split(",").map((part) => part.trim());
  const [latitude, longitude, ...more] = parts.map(Number);
  const isWritten = parts.every((part) => degrees.test(part)) && more.length === 0;
  if (isWritten && latitude !== undefined && longitude !== undefined) {
    if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) return [latitude, longitude];
  }
  throw new InvalidArgumentError("Write it as latitude,longitude in degrees: 30.27,120.15");
}
