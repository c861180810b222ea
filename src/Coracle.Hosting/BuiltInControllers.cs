using Coracle.Sdk;

namespace Coracle.Hosting;

/// <summary>The controllers of a control plane, over one set of caches.</summary>
internal static class BuiltInControllers
{
    public static ControllerHost Host(InformerSet informers, ControlPlaneOptions options)
    {
        var host = new ControllerHost(informers);
        return host;
    }
}
