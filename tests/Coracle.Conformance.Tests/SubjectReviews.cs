using Coracle.Sdk;

namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/auth/subjectreviews.go.</summary>
public sealed class SubjectReviews(Cluster cluster) : IClassFixture<Cluster>
{
    private const string Group = "/apis/authorization.k8s.io/v1";

    [Fact, Behaviour("SubjectReview, API Operations")]
    public async Task SubjectReview_API_operations()
    {
        var ns = await cluster.Namespace();
        var account = await cluster.Create($"/api/v1/namespaces/{ns}/serviceaccounts", """{"metadata":{"name":"e2e"}}""");
        var (user, groups) = ($"system:serviceaccount:{ns}:e2e", (string[])["system:authenticated", "system:serviceaccounts", $"system:serviceaccounts:{ns}"]);
        Assert.Equal("false", (await Review(user))["status.allowed"]);
        Assert.Equal(403, await List());

        await cluster.Create($"/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/rolebindings", $$$"""
            {"metadata":{"name":"viewers"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"},"subjects":[{"kind":"ServiceAccount","name":"e2e","namespace":"{{{ns}}}"}]}
            """);
        Assert.Equal("true", (await Review(user))["status.allowed"]);
        Assert.Equal(200, await List());

        // Both reviews and the call itself say the same.
        async Task<Answer> Review(string name)
        {
            var spec = $$$"""
                {"resourceAttributes":{"verb":"list","resource":"configmaps","namespace":"{{{ns}}}","version":"v1"},"user":"{{{name}}}","groups":["{{{string.Join("\",\"", groups)}}}"],"uid":"{{{account.Uid}}}"}
                """;
            var review = await cluster.Create($"{Group}/subjectaccessreviews", $$$"""{"spec":{{{spec}}}}""");
            var local = await cluster.Create($"{Group}/namespaces/{ns}/localsubjectaccessreviews", $$$"""{"metadata":{"namespace":"{{{ns}}}"},"spec":{{{spec}}}}""");
            Assert.Equal(review["status"], local["status"]);
            return review;
        }

        async Task<int> List() => (await cluster.Send("GET", $"/api/v1/namespaces/{ns}/configmaps", client: cluster.Client.As("test", new ApiUser(user, groups) { Uid = account.Uid }))).Code;
    }
}
