// Pods a second that get a node, with the default plugins.
// Usage: Coracle.Bench.Scheduler [--nodes 1000] [--pods 10000] [--kind plain|spread|affinity]
// Choosing alone says what the scheduling loop can do; through the API each pod is also bound and told of, in the same process, on a store in memory.
using System.Diagnostics;
using System.Globalization;
using Coracle.Bench.Scheduler;

var (nodes, pods, kind) = (Number("--nodes", 1000), Number("--pods", 10_000), Text("--kind", "plain"));
Console.WriteLine($"{pods} {kind} pods on {nodes} nodes");
for (var round = 1; round <= 3; round++) Print($"choosing alone, round {round}", pods, ChoosingAlone.Run(nodes, pods, kind));
Print("through the API", pods, await ThroughTheApi.Run(nodes, pods, kind));

int Number(string name, int otherwise) => int.Parse(Text(name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

string Text(string name, string otherwise)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
}

static void Print(string what, int pods, TimeSpan took) =>
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-28}{pods / took.TotalSeconds,10:F0} pods/s {took.TotalSeconds,8:F2} s  cpu {Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds:F1} s so far"));
