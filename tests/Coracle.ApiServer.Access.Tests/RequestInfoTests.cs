namespace Coracle.ApiServer.Access.Tests;

public sealed class RequestInfoTests
{
    [Theory]
    // method, path and query, verb, prefix, group, version, namespace, resource, sub-resource, name
    [InlineData("GET", "/api/v1/namespaces", "list", "api", "", "v1", "", "namespaces", "", "")]
    [InlineData("GET", "/api/v1/namespaces/other", "get", "api", "", "v1", "other", "namespaces", "", "other")]
    [InlineData("GET", "/api/v1/namespaces/other/pods", "list", "api", "", "v1", "other", "pods", "", "")]
    [InlineData("GET", "/api/v1/namespaces/other/pods/", "list", "api", "", "v1", "other", "pods", "", "")]
    [InlineData("GET", "/api/v1/namespaces/other/pods/foo", "get", "api", "", "v1", "other", "pods", "", "foo")]
    [InlineData("HEAD", "/api/v1/namespaces/other/pods/foo", "get", "api", "", "v1", "other", "pods", "", "foo")]
    [InlineData("HEAD", "/api/v1/pods", "list", "api", "", "v1", "", "pods", "", "")]
    [InlineData("GET", "/api/v1/proxy/namespaces/other/pods/foo", "proxy", "api", "", "v1", "other", "pods", "", "foo")]
    [InlineData("GET", "/api/v1/proxy/namespaces/other/pods/foo/sub/no", "proxy", "api", "", "v1", "other", "pods", "", "foo")]
    [InlineData("GET", "/api/v1/watch/pods", "watch", "api", "", "v1", "", "pods", "", "")]
    [InlineData("GET", "/api/v1/watch/namespaces/other/pods", "watch", "api", "", "v1", "other", "pods", "", "")]
    [InlineData("GET", "/api/v1/watch/namespaces/other/pods/foo", "watch", "api", "", "v1", "other", "pods", "", "foo")]
    [InlineData("GET", "/api/v1/pods?watch=true", "watch", "api", "", "v1", "", "pods", "", "")]
    [InlineData("GET", "/api/v1/pods?watch=false", "list", "api", "", "v1", "", "pods", "", "")]
    [InlineData("GET", "/api/v1/pods?watch=FALSE", "list", "api", "", "v1", "", "pods", "", "")]
    [InlineData("GET", "/api/v1/pods?watch", "watch", "api", "", "v1", "", "pods", "", "")]
    [InlineData("GET", "/api/v1/pods?limit=5&watch=1", "watch", "api", "", "v1", "", "pods", "", "")]
    [InlineData("GET", "/api/v1/namespaces/other/pods?watch=0", "list", "api", "", "v1", "other", "pods", "", "")]
    [InlineData("GET", "/api/v1/namespaces/other/pods/foo?watch=1", "get", "api", "", "v1", "other", "pods", "", "foo")]
    [InlineData("GET", "/api/v1/namespaces/other/pods/foo/status", "get", "api", "", "v1", "other", "pods", "status", "foo")]
    [InlineData("GET", "/api/v1/namespaces/other/pods/foo/proxy/subpath", "get", "api", "", "v1", "other", "pods", "proxy", "foo")]
    [InlineData("PUT", "/api/v1/namespaces/other/finalize", "update", "api", "", "v1", "other", "namespaces", "finalize", "other")]
    [InlineData("PUT", "/api/v1/namespaces/other/status", "update", "api", "", "v1", "other", "namespaces", "status", "other")]
    [InlineData("PATCH", "/api/v1/namespaces/other/pods/foo", "patch", "api", "", "v1", "other", "pods", "", "foo")]
    [InlineData("DELETE", "/api/v1/namespaces/other/pods/foo", "delete", "api", "", "v1", "other", "pods", "", "foo")]
    [InlineData("POST", "/api/v1/namespaces/other/pods", "create", "api", "", "v1", "other", "pods", "", "")]
    [InlineData("POST", "/api/v1/namespaces/d/serviceaccounts/a/token", "create", "api", "", "v1", "d", "serviceaccounts", "token", "a")]
    [InlineData("DELETE", "/api/v1/nodes", "deletecollection", "api", "", "v1", "", "nodes", "", "")]
    [InlineData("DELETE", "/apis/extensions/v1/namespaces/other/pods", "deletecollection", "apis", "extensions", "v1", "other", "pods", "", "")]
    [InlineData("POST", "/apis/extensions/v1beta3/namespaces/other/pods", "create", "apis", "extensions", "v1beta3", "other", "pods", "", "")]
    [InlineData("OPTIONS", "/api/v1/pods", "", "api", "", "v1", "", "pods", "", "")]
    [InlineData("GET", "/api/v1//pods", "get", "api", "", "v1", "", "", "", "pods")]
    [InlineData("GET", "/apis/apps/v1/namespaces/n/deployments/d/scale", "get", "apis", "apps", "v1", "n", "deployments", "scale", "d")]
    public void A_resource_path_says_what_is_asked_of_which_object(string method, string url, string verb, string prefix, string group,
        string version, string ns, string resource, string subresource, string name)
    {
        var info = Parse(method, url);
        Assert.True(info.IsResourceRequest);
        Assert.Equal((verb, prefix, group, version), (info.Verb, info.ApiPrefix, info.ApiGroup, info.ApiVersion));
        Assert.Equal((ns, resource, subresource, name), (info.Namespace, info.Resource, info.Subresource, info.Name));
        Assert.Empty(info.Error);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("/api")]
    [InlineData("/api/v1/")]
    [InlineData("/apis")]
    [InlineData("/apis/group/version/")]
    [InlineData("/apis/version/resource")]
    [InlineData("/badprefix/version/resource")]
    [InlineData("/healthz/poststarthook/x/y")]
    public void A_path_that_names_no_resource_keeps_its_http_method(string path)
    {
        var info = Parse("GET", path);
        Assert.False(info.IsResourceRequest);
        Assert.Equal("get", info.Verb);
        Assert.Equal(path, info.Path);
    }

    [Theory]
    [InlineData("GET", "", "list", "", "", "")]
    [InlineData("GET", "?fieldSelector=metadata.name=name1", "list", "name1", "metadata.name=name1", "")]
    [InlineData("GET", "?fieldSelector=metadata.name%3Dname1", "list", "name1", "metadata.name=name1", "")]
    [InlineData("GET", "?fieldSelector=metadata.name==name1,spec.x!=y", "list", "name1", "metadata.name==name1,spec.x!=y", "")]
    [InlineData("GET", "?watch=true&fieldSelector=metadata.name=name1", "watch", "name1", "metadata.name=name1", "")]
    [InlineData("GET", "?fieldSelector=metadata.name!=name1", "list", "", "metadata.name!=name1", "")]
    [InlineData("GET", "?fieldSelector=metadata.name=a%252fb", "list", "", "metadata.name=a%2fb", "")]
    [InlineData("GET", "?fieldSelector=metadata.name=..", "list", "", "metadata.name=..", "")]
    [InlineData("GET", "?fieldSelector=foo=bar&labelSelector=baz=qux", "list", "", "foo=bar", "baz=qux")]
    [InlineData("GET", "?fieldSelector=metadata.name=name1,foo", "list", "", "metadata.name=name1,foo", "")]
    [InlineData("GET", "?fieldSelector=metadata.name=name1,foo&watch=true", "watch", "", "metadata.name=name1,foo", "")]
    [InlineData("GET", "?fieldSelector=metadata.name=name1&limit=many", "list", "", "metadata.name=name1", "")]
    [InlineData("DELETE", "?fieldSelector=foo=bar&labelSelector=a+in+(b)", "deletecollection", "", "foo=bar", "a in (b)")]
    [InlineData("GET", "?fieldSelector=metadata.name=foo&fieldSelector=metadata.name=bar&labelSelector=foo=bar&labelSelector=foo=baz", "list", "foo", "metadata.name=foo", "foo=bar")]
    [InlineData("GET", "/name?fieldSelector=foo=bar&labelSelector=foo=bar", "get", "name", "", "")]
    [InlineData("GET", "?fieldSelector=%zz&labelSelector=a", "list", "", "", "a")]
    public void Selectors_belong_to_requests_for_many_objects(string method, string tail, string verb, string name, string fields, string labels)
    {
        var info = Parse(method, "/apis/group/version/resource" + tail);
        Assert.Equal((verb, name, fields, labels), (info.Verb, info.Name, info.FieldSelector, info.LabelSelector));
    }

    [Theory]
    [InlineData("/apis/group/version/watch/resource?fieldSelector=metadata.name=foo&labelSelector=foo=bar", "")]
    [InlineData("/apis/group/version/watch/resource/name?fieldSelector=metadata.name=foo&labelSelector=foo=bar", "name")]
    public void A_watch_by_path_has_no_selectors(string url, string name)
    {
        var info = Parse("GET", url);
        Assert.Equal(("watch", name, "", ""), (info.Verb, info.Name, info.FieldSelector, info.LabelSelector));
    }

    [Theory]
    [InlineData("/api/v1/watch")]
    [InlineData("/apis/apps/v1/proxy")]
    public void A_verb_in_the_path_without_a_resource_is_an_error(string path) =>
        Assert.Equal($"unable to determine kind and namespace from url, {path}", Parse("GET", path).Error);

    [Theory]
    [InlineData("/api/v1/namespaces/n/pods/p/proxy/a/b/c/d/e/f/g/h/", "a/b/c/d/e/f/g/h/")]
    [InlineData("/apis/g/v/watch/namespaces/n/r/o/s/t/u/v", "t/u/v")]
    [InlineData("/api/v1/nodes/n/proxy/logs/", "logs/")]
    [InlineData("/api/v1/nodes/n/proxy", "")]
    [InlineData("/api/v1/proxy/nodes/n/x/y", "x/y")]
    public void What_follows_the_sub_resource_is_kept_for_the_proxied_server(string path, string rest) => Assert.Equal(rest, Parse("GET", path).Rest);

    [Theory]
    [InlineData("GET", "/api/v1/pods?watch=1", true)]
    [InlineData("GET", "/api/v1/namespaces/n/pods/p/log", true)]
    [InlineData("POST", "/api/v1/namespaces/n/pods/p/exec", true)]
    [InlineData("GET", "/debug/pprof/profile", true)]
    [InlineData("GET", "/api/v1/pods", false)]
    [InlineData("GET", "/healthz", false)]
    public void Watches_and_streams_may_last(string method, string url, bool isLongRunning) => Assert.Equal(isLongRunning, Parse(method, url).IsLongRunning);

    [Fact]
    public void Any_path_and_query_is_answered_without_an_exception()
    {
        var random = new Random(1);
        string[] pieces = ["/", "//", "api", "apis", "v1", "watch", "proxy", "namespaces", "pods", "x", "%", "..", "status", "ü", "?", "&", "=", "\\", ",", "fieldSelector", "watch=", "+", "%2", "%41", "metadata.name=", ";"];
        for (var i = 0; i < 20_000; i++)
        {
            var path = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            var query = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            RequestInfo.Parse("GET", path, query).AttributesFor(User.Anonymous);
        }
    }

    private static RequestInfo Parse(string method, string url)
    {
        var at = url.IndexOf('?');
        return RequestInfo.Parse(method, at < 0 ? url : url[..at], at < 0 ? "" : url[at..]);
    }
}
