using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Coracle.Hosting;
using Coracle.Serving;
using Coracle.Store;

await using var plane = new ControlPlane(new ControlPlaneOptions
{
    Store = new MemoryStore(), Log = e => { if (e.Severity >= Coracle.Sdk.LogSeverity.Warning) Console.Error.WriteLine($"{e.Source}: {e.Message} {e.Failure}"); },
});
using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
var cert = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(90));
await using var http = await HttpServer.StartAsync(plane.Server, IPAddress.Loopback, 6443, cert);
await plane.StartAsync();
Console.WriteLine("ready");
await Task.Delay(-1);
