// chaos                      runs the operator against the cluster of the current kubeconfig, or the one it runs in
// chaos manifests [FOLDER]   writes the definitions of its kinds, as kubectl applies them
using Coracle.Samples.Chaos;
using Coracle.Sdk;

if (args is ["manifests", ..])
{
    ChaosOperator.WriteManifests(args.Length > 1 ? args[1] : "manifests");
    return 0;
}
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
var client = new Client(new HttpTransport(ClusterConfig.Find()), new() { UserAgent = "chaos", Log = entry => Console.Error.WriteLine($"{entry.Severity} {entry.Source}: {entry.Message}") });
await Definitions.InstallAsync(client, ChaosOperator.Kinds, cancel: stop.Token);
var informers = new InformerSet(client);
await ChaosOperator.AddTo(new ControllerHost(informers), informers).RunAsync(stop.Token);
return 0;
