using System.Security.Cryptography.X509Certificates;
using System.Text;
using Coracle.ApiServer.Access;
using Coracle.Sdk;
using Kubeconfig = Coracle.Sdk.Kubeconfig;

namespace Coracle.Hosting;

/// <summary>Where webhooks of authentication and authorization are: by a kubeconfig, or by what a pod finds around itself.</summary>
public static class OutsideConnections
{
    /// <param name="kubeconfig">The file; null for what surrounds this process.</param>
    /// <returns>The connection, or why there is none.</returns>
    public static (OutsideConnection? Connection, string Error) Find(string? kubeconfig)
    {
        if (kubeconfig is not null && !File.Exists(kubeconfig))
            return (null, Directory.Exists(kubeconfig) ? "must be a regular file" : $"error loading file: stat {kubeconfig}: no such file or directory");
        if (kubeconfig is null && Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is null or "")
            return (null, "unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined");
        try
        {
            var config = kubeconfig is null ? ClusterConfig.InCluster() : Kubeconfig.Load([kubeconfig]).ToConfig();
            return (Of(config), "");
        }
        catch (ClusterConfigException e)
        {
            return (null, e.Message);
        }
    }

    private static OutsideConnection Of(ClusterConfig config) => new(config.Server)
    {
        CaBundle = Encoding.ASCII.GetBytes(string.Join('\n', ((IEnumerable<X509Certificate2>)config.Authorities).Select(a => a.ExportCertificatePem()))),
        ClientCertificate = config.Credentials.Certificate, ServerName = config.TlsServerName,
        Authorization = cancel => config.Credentials.AuthorizationAsync(TimeProvider.System, cancel),
    };
}
