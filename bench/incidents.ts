export async function benchIncidents(): Promise<string> {
  return "";
}
