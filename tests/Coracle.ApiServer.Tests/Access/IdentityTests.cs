using Coracle.ApiServer.Access;
using Coracle.ApiServer.Tests.Support;
using Coracle.Hosting;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.ApiServer.Tests.Access;

public sealed class IdentityTests : IAsyncLifetime
{
    private const string Review = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    private const string Bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
    private Api _api = null!;

    public async ValueTask InitializeAsync() => _api = await Api.StartAsync();
    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task An_impersonated_service_account_has_the_groups_of_service_accounts()
    {
        var review = await _api.Send("POST", Review, "{}", new How { Token = "root", Headers = [("Impersonate-User", "system:serviceaccount:shop:robot")] });
        Assert.Equal((403, "selfsubjectreviews.authentication.k8s.io is forbidden: User \"system:serviceaccount:shop:robot\" cannot create resource \"selfsubjectreviews\" in API group \"authentication.k8s.io\" at the cluster scope"), (review.Code, review.Message));
        await Reviewers("system:serviceaccounts:shop");
        review = await _api.Send("POST", Review, "{}", new How { Token = "root", Headers = [("Impersonate-User", "system:serviceaccount:shop:robot")] });
        Assert.Equal("""["system:serviceaccounts","system:serviceaccounts:shop","system:authenticated"]""", review.At("status.userInfo.groups"));
        Assert.Equal("system:serviceaccount:shop:robot", review.At("status.userInfo.username"));
    }

    [Fact]
    public async Task Groups_that_are_named_are_all_that_an_impersonated_user_has_besides_being_authenticated()
    {
        await Reviewers("system:authenticated");
        var review = await _api.Send("POST", Review, "{}", new How { Token = "root", Headers = [("Impersonate-User", "system:serviceaccount:shop:robot"), ("Impersonate-Group", "g")] });
        Assert.Equal("""["g","system:authenticated"]""", review.At("status.userInfo.groups"));
    }

    [Fact]
    public async Task In_this_process_too_only_those_impersonate_who_may()
    {
        await Reviewers("system:serviceaccounts:shop");
        await _api.Create("/apis/rbac.authorization.k8s.io/v1/clusterroles", """{"metadata":{"name":"maps"},"rules":[{"apiGroups":[""],"resources":["configmaps"],"verbs":["list"]}]}""");
        await _api.Create(Bindings, """{"metadata":{"name":"maps"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"maps"},"subjects":[{"kind":"Group","name":"system:serviceaccounts:shop","apiGroup":"rbac.authorization.k8s.io"}]}""");
        var robot = new ApiUser("system:serviceaccount:shop:robot", []);
        var admin = new Client(new InProcessTransport(_api.Server, Api.Admin)).As("admin", robot);
        Assert.Empty((await admin.ListAsync<ConfigMap>("default", null, TestContext.Current.CancellationToken)).Items);
        var nobody = new Client(new InProcessTransport(_api.Server, new User { Name = "ann", Groups = ["system:authenticated"] })).As("ann", robot);
        var refused = await Assert.ThrowsAsync<ApiException>(async () => await nobody.ListAsync<ConfigMap>("default", null, TestContext.Current.CancellationToken));
        Assert.Contains("User \"ann\" cannot impersonate", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_known_stands_for_its_user_and_one_that_is_not_for_nobody()
    {
        await Reviewers("system:authenticated");
        Assert.Equal("ann", (await _api.Send("POST", Review, "{}", new How { Token = "ann" })).At("status.userInfo.username"));
        Assert.Equal((401, "Unauthorized", "Unauthorized"), (await _api.Send("POST", Review, "{}", new How { Token = "other" })).Status);
    }

    private async Task Reviewers(string group)
    {
        await _api.Create("/apis/rbac.authorization.k8s.io/v1/clusterroles", """{"metadata":{"name":"reviewers"},"rules":[{"apiGroups":["authentication.k8s.io"],"resources":["selfsubjectreviews"],"verbs":["create"]}]}""");
        await _api.Create(Bindings, $$$"""{"metadata":{"name":"reviewers"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"reviewers"},"subjects":[{"kind":"Group","name":"{{{group}}}","apiGroup":"rbac.authorization.k8s.io"}]}""");
    }
}
