// chaos                      runs the operator against the cluster of the current kubeconfig, or the one it runs in; in a pod with its webhooks, which CHAOS_WEBHOOKS=https://HOST:PORT brings about elsewhere
// chaos manifests FOLDER     writes its manifests, as kubectl applies them; with --check nothing is written, and what differs is an error
using System.Net;
using Coracle.Samples.Chaos;
using Coracle.Sdk;
using Coracle.Sdk.Webhooks;

if (args is ["manifests", ..]) return ManifestFiles.Run(ChaosOperator.Manifests, args[1..]);
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
var client = new Client(new HttpTransport(ClusterConfig.Find()), new() { UserAgent = "chaos", Log = entry => Console.Error.WriteLine($"{entry.Severity} {entry.Source}: {entry.Message}") });
var informers = new InformerSet(client);
var host = new ControllerHost(informers);
var inCluster = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is { Length: > 0 };
var webhooks = Environment.GetEnvironmentVariable("CHAOS_WEBHOOKS") is { Length: > 0 } url ? WebhookPlace.Url(url) : inCluster ? ChaosOperator.InCluster : null;
if (!inCluster) await ChaosOperator.InstallAsync(client, webhooks, stop.Token);
WebhookServer? server = null;
if (webhooks is not null)
{
    var certificates = ChaosOperator.Certificates(informers, webhooks.DnsNames);
    server = await WebhookServer.StartAsync(ChaosOperator.Webhooks(client.Options), certificates, new(IPAddress.IPv6Any, webhooks.BaseUrl.Length > 0 ? new Uri(webhooks.BaseUrl).Port : WebhookServer.DefaultPort));
    host.Add(certificates.Controller);
}
await ChaosOperator.AddTo(host, informers).RunAsync(stop.Token);
if (server is not null) await server.DisposeAsync();
return 0;
