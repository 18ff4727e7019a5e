package org.holdfast.systemtests;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import jakarta.json.JsonObject;

/** What tests of the administrators' pages have besides. */
abstract class AtTheDesk extends AtTheConsole {

    AtTheDesk(TestCluster cluster) {
        super(cluster);
    }

    static Locator node(Visitor visitor, String name) {
        return visitor.page()
                .getByRole(
                        AriaRole.ARTICLE,
                        new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    static Locator room(Visitor visitor, String name) {
        return visitor.page()
                .getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Administration"))
                .getByRole(
                        AriaRole.LINK,
                        new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    static Locator entry(Visitor visitor, String text) {
        return visitor.page().getByRole(AriaRole.LISTITEM).filter(new Locator.FilterOptions().setHasText(text));
    }

    static Locator field(Visitor visitor, String name) {
        return visitor.dialog().getByLabel(name, new Locator.GetByLabelOptions().setExact(true));
    }

    final JsonObject one(String path, String list) {
        return http.get(cluster.api(path)).expect(200).json().getJsonArray(list).getJsonObject(0);
    }
}
