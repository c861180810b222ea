using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Coracle.ApiServer;
using Coracle.ApiServer.Access;
using Coracle.Serving;
using Coracle.Store;

var server = new Server(new ServerOptions
{
    Store = new MemoryStore(), Kinds = Coracle.Kinds.GeneratedKinds.All, Random = new Random(),
    Authenticate = _ => new User { Name = "admin", Groups = ["system:masters"] },
    OnError = (e, what) => Console.Error.WriteLine($"{what}: {e}"),
});
using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
var cert = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(90));
await using var http = await HttpServer.StartAsync(server, IPAddress.Loopback, 6443, cert);
Console.WriteLine("ready");
await Task.Delay(-1);
